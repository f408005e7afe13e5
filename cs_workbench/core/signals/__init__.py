"""What a customer success manager should be told about: risks and opportunities, by kind."""
