"""Who answers: bodies, people and their accounts."""
