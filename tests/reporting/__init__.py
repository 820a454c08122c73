"""Tests of what the operator learns."""
