"""What: classes of cases."""
