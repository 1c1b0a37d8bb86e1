"""Roads and sites: reading, generating and snapping them."""
