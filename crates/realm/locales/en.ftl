realm-unreadable = this cannot be read as a realm
