"""Why and where: what changed and through which classes, where problems come back, where they crowd. It gives no scores."""
