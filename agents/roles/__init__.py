"""The roles: what each is asked and answers, for every make of it alike.

A chat make and an extractive make take the same frozen request and return the same frozen
answer; tools, ledger, budgets, refiner, lint and rendering know nothing of which it is.
"""
