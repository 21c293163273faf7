"""What pages of HTML are made of: the shell, the marks of verdicts, tables, drawings."""
