"""Many trainings as one study of settings: which, in what order, on which machines, how far they are and which is best so far."""
