"""What every run has: a folder that is whole or resumed, progress, random numbers, kernels."""
