"""Rollouts: a release is given to more and more terminals, as long as those that have it confirm that they are well."""
