"""What the section on hidden groups is made of."""
