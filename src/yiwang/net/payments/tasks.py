from yiwang.net.payments.actions.filling import FILL, fill_batch
from yiwang.net.payments.actions.reconciling import RECONCILE, take_rows
from yiwang.platform.jobs import long_job

long_job(FILL)(fill_batch)
long_job(RECONCILE)(take_rows)
