"""The extractive makes of the roles: no model, no network, the same answer every time."""
