-- One row per severity that has open alerts.
select severity, count(*) as alerts
from alerts
where resolved_at is null
group by severity
