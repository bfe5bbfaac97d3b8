package io.octostore.spring;

import java.lang.annotation.Annotation;
import org.aopalliance.aop.Advice;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.core.Ordered;

/**
 * Applies advice to the methods of beans that have an annotation. It goes before the advice that beans have already,
 * such as that of transactions, so that a transaction ends before its lock is released. {@code @Async} comes later and
 * goes before it, so that the lock is held where the method runs.
 */
final class AnnotatedMethods extends AbstractBeanFactoryAwareAdvisingPostProcessor {
    private static final long serialVersionUID = 1L;

    AnnotatedMethods(Class<? extends Annotation> annotation, Advice advice) {
        this.advisor = new DefaultPointcutAdvisor(new AnnotationMatchingPointcut(null, annotation, true), advice);
        setBeforeExistingAdvisors(true);
        setProxyTargetClass(true);
        setOrder(Ordered.LOWEST_PRECEDENCE - 1);
    }
}
