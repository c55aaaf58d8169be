"""What the checks of a data set measure: numbers, names and codes that JSON can hold, and not a sentence."""
