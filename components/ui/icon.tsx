const PATHS = {
  today:
    "M8 2v3M16 2v3M3.5 9h17M5 5h14a1.5 1.5 0 0 1 1.5 1.5v12A1.5 1.5 0 0 1 19 20H5a1.5 1.5 0 0 1-1.500-1.500v-12A1.500 1.500 0 0 1 5 5Z",
  home: "M4 11 12 4l8 7v9h-5.500v-6h-5v6H4v-9Z",
  book: "M4 5.500A2.500 2.500 0 0 1 6.500 3H20v15H6.500A2.500 2.500 0 0 0 4 20.500v-15ZM4 20.500A2.500 2.500 0 0 1 6.500 18H20v3H6.500",
  record: "M6 3h8l4.500 4.500V21H6V3ZM13.500 3v5h5M9 13h6M9 16.500h4",
  department: "M4 20V8h7v12M11 20V4h9v16M3 20h18M14.500 8h2M14.500 12h2M14.500 16h2M7 12h1M7 16h1",
  users:
    "M12.500 8a3.500 3.500 0 1 1-7 0 3.500 3.500 0 0 1 7 0ZM2.500 20a6.500 6.500 0 0 1 13 0M16 4.800a3.500 3.500 0 0 1 0 6.400M18 14.500a6.500 6.500 0 0 1 3.500 5.500",
  person: "M15.500 8a3.500 3.500 0 1 1-7 0 3.500 3.500 0 0 1 7 0ZM5 20a7 7 0 0 1 14 0",
  upload: "M12 15.500V4M7.500 8 12 3.500 16.500 8M4 14.500V20h16v-5.500",
  download: "M12 4v11.500M7.500 11.500 12 16l4.500-4.500M4 14.500V20h16v-5.500",
  search: "M17.500 11a6.500 6.500 0 1 1-13 0 6.500 6.500 0 0 1 13 0ZM16 16l4.500 4.500",
  chevron: "m9 5 7 7-7 7",
  rail: "M4 4.500h16v15H4zM9.500 4.500v15",
  check: "m4.500 12.500 5 5 10.500-11",
  close: "M6 6l12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  alert: "M12 4 2.500 20h19L12 4ZM12 10v4.500M12 17.300v.2",
  info: "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0ZM12 11v5.500M12 7.500v.2",
  eye: "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12ZM15 12a3 3 0 1 1-6 0 3 3 0 0 1 6 0Z",
  "eye-off":
    "M4 4l16 16M9.900 5.800A9 9 0 0 1 12 5.500c6 0 9.500 6.500 9.500 6.500a17 17 0 0 1-2.900 3.600M6.500 7.200A16.500 16.500 0 0 0 2.500 12S6 18.500 12 18.500a9 9 0 0 0 4.300-1.100M10 10a3 3 0 0 0 4.100 4.200",
  edit: "M4 20h4L19.500 8.500l-4-4L4 16v4ZM13.500 6.500l4 4",
  "sign-out": "M14 4h5.500v16H14M10 8l-4.500 4 4.500 4M5.500 12H15",
  switch: "M4 8h14M14.500 4 18.500 8l-4 4M20 16H6M9.500 12l-4 4 4 4",
  sun: "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0ZM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400",
  moon: "M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500Z",
  screen: "M3.500 5h17v11.500h-17zM9 20.500h6M12 16.500v4",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16, className }: { name: IconName; size?: number; className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className={className}
      style={{ flex: "none" }}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The product's mark: a house of learning with its door. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      aria-hidden="true"
      className="flex-none text-accent"
    >
      <path d="M4 20V9l8-5 8 5v11M4 20h16M9 20v-6h6v6" />
    </svg>
  );
}
