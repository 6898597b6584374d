"""Three Apache Kafka nodes as one cluster: any one of them may be away."""

from __future__ import annotations

import uuid
from pathlib import Path

from tests.support.apache_kafka import ApacheKafka, free_port

NODES = 3

CONFIG = """\
node.id={node}
listeners=PLAINTEXT://127.0.0.1:PORT,CONTROLLER://127.0.0.1:{controller}
controller.quorum.voters={voters}
offsets.topic.replication.factor=3
transaction.state.log.replication.factor=3
transaction.state.log.min.isr=2
default.replication.factor=3
min.insync.replicas=2
broker.session.timeout.ms=6000
"""


class Cluster:
    """Every node is broker and controller; what is acknowledged is on two of them at least."""

    def __init__(self, folder: Path) -> None:
        controllers = [free_port() for _ in range(NODES)]
        voters = ",".join(f"{n}@127.0.0.1:{port}" for n, port in enumerate(controllers, start=1))
        cluster_id = uuid.uuid4().hex[:22]
        self.nodes = [
            ApacheKafka(
                folder / f"node-{node}",
                CONFIG.format(node=node, controller=controller, voters=voters),
                cluster_id=cluster_id,
            )
            for node, controller in enumerate(controllers, start=1)
        ]

    @property
    def bootstrap_servers(self) -> str:
        return ",".join(node.bootstrap_servers for node in self.nodes)

    def start(self) -> None:
        for node in self.nodes:
            node.launch()
        for node in self.nodes:
            node.wait_up()

    def close(self) -> None:
        for node in self.nodes:
            node.close()
