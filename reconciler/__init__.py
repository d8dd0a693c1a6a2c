"""Outbound calling schedules as code for NICE CXone."""

__version__ = "0.1.0"
