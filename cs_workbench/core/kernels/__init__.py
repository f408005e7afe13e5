"""The rules of `core` over many accounts at once, in numpy; only the refresh loads them.

Each function here says the same as a plain one of `core`, to the last bit: the plain one explains a
single account, this one scores a portfolio. Tests hold the two together over random histories.
"""
