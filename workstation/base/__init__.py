"""Words every package uses: explained amounts, money, problems, resources."""
