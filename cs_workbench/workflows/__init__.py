"""One function for each thing a user can ask for; both front ends call these."""
