"""How runs and reports are shown: pictures, text and notebook reprs, all of them self-contained."""
