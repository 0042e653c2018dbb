/** Two heads in talk, one of them still imagined: the product's mark. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg aria-hidden viewBox="0 0 24 24" className={className}>
      <circle cx="9" cy="9" r="6.4" fill="none" stroke="var(--accent)" strokeWidth="2.2" />
      <circle cx="15.6" cy="15.6" r="6.9" fill="var(--accent)" />
    </svg>
  );
}
