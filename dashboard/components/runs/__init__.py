"""What several pages say of runs: their choice, warnings, the board of recipes, which class is the ill one."""
