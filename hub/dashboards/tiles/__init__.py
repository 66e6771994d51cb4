"""The tiles of the first view: what each says, computed by functions that read and decide, and write nothing."""
