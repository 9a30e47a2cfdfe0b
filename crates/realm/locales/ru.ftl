realm-unreadable = это не читается как контур
