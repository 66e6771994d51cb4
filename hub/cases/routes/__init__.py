"""The cases' addresses: for programs and for people. They parse, call one service function and return."""
