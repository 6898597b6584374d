"""All of Stancewire on one machine, to see it work: `stancewire demo`."""
