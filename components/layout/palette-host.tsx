"use client";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useEffect, useState, useSyncExternalStore } from "react";
import { CreateCourse } from "@/components/courses/course-form-lazy";
import { CreateDepartment } from "@/components/departments/department-form-lazy";
import { useRoutes } from "./locale";
import type { Opens } from "./palette-actions";

const Palette = dynamic(() => import("./palette").then((module) => module.Palette), { ssr: false });

let open = false;
const listeners = new Set<() => void>();
function set(next: boolean): void {
  open = next;
  listeners.forEach((notify) => {
    notify();
  });
}

export const openPalette = (): void => {
  set(true);
};
const close = (): void => {
  set(false);
};
const subscribe = (notify: () => void) => {
  listeners.add(notify);
  return () => {
    listeners.delete(notify);
  };
};

/** Waits for Ctrl+K or ⌘K; the palette's code is fetched the first time it is asked for. */
export function PaletteHost() {
  const shown = useSyncExternalStore(
    subscribe,
    () => open,
    () => false,
  );
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      set(!open);
    };
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("keydown", onKey);
    };
  }, []);
  const routes = useRoutes();
  const router = useRouter();
  const [form, setForm] = useState<Opens>();
  const done = () => {
    setForm(undefined);
  };
  return (
    <>
      {shown ? <Palette onClose={close} onOpen={setForm} /> : null}
      {form === "course" ? (
        <CreateCourse
          onClose={done}
          onCreated={(course) => {
            done();
            router.push(routes.course(course.id));
          }}
        />
      ) : null}
      {form === "department" ? (
        <CreateDepartment
          onClose={done}
          onCreated={(department) => {
            done();
            router.push(routes.department(department.id));
          }}
        />
      ) : null}
    </>
  );
}
