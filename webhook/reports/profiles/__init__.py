"""What is said about seccomp profiles, as text, JSON and SARIF."""
