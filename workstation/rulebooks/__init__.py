"""Today's silos, one package per rulebook."""
