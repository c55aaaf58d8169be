"""What a data set can be read from: a folder, a table, a MedMNIST file, the shipped index."""
