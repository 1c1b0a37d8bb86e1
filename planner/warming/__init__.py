"""Kernels compiled before anybody waits for them."""
