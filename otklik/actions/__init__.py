"""Bulk actions on appeals: what there is, who could take appeals, previewing, executing and undoing."""
