"""Where boards live: the append-only log in Valkey, its marks, feeds, snapshots and side tables."""
