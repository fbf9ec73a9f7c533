"""What happens without anybody asking? Batches are launched when they are due, and queues are sent; any number of workers may do it."""

from relance.work.turning import Background, start_in_background, work

__all__ = ["Background", "start_in_background", "work"]
