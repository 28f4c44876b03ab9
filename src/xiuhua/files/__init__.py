"""The content store: files addressed by their digest, photos examined, reduced and marked."""
