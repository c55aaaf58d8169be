"""Tables of the chosen runs, and what tables here can do: sort by numbers, be taken away, follow a choice."""
