"""How fast the pipeline is, stage by stage and as a whole, on a real Kafka and real texts."""
