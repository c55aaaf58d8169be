"""What a training asks of the machine: precision, memory for a batch, time."""
