"""Reads China's annual government disclosure reports into tidy, traceable tables."""

__version__ = "0.1.0"
