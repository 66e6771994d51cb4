"""By when a case must have been called and investigated, in the working time of its facility."""
