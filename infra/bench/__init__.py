"""Measurements that the project promises a bound for."""
