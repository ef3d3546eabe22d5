"""Floor 5, 大抓基层: unions get founded, officers are there, practices travel."""
