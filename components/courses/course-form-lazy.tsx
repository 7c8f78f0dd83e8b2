"use client";
import dynamic from "next/dynamic";

/** Forms only admins open are fetched when one is opened. */
export const CreateCourse = dynamic(() => import("./course-form").then((module) => module.CreateCourse), { ssr: false });
export const EditCourse = dynamic(() => import("./course-form").then((module) => module.EditCourse), { ssr: false });
