"""What is likely to leave: features as of a day, models, and their record."""
