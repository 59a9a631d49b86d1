"""What each command of ``tablecloth`` does. ``run(words, say)``: parsed arguments in, an exit code out."""
