from yiwang.net.payments.actions.filling import FILL, fill_batch
from yiwang.platform.jobs import long_job

long_job(FILL)(fill_batch)
