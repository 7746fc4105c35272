"""The overdue page: selecting appeals, and the workload of organisations."""
