"""Which node holds which profile, and on which nodes a pod may land."""
