"""Who makes a statement: names, titles, pronouns and descriptions resolved within one article."""
