"""The Smart Login protocol, device side: calls, answers, errors, one login attempt and its pace.

Nothing is imported here, so that a part can be had without the price of the others (HTTP above all).
"""
