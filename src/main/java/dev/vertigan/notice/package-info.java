/// What needs a person, told by a webhook while nobody looks at a page. It only listens to the run, and never holds it up.
package dev.vertigan.notice;
