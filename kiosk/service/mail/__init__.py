"""Login mails: ordered by the flow, rendered from a template, delivered by SMTP or into the service's own mailbox."""
