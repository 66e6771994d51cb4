"""What patients complain about and praise: topics suggested, corrected and learned; names masked. All of it local."""
