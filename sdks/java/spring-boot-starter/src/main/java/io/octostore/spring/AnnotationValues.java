package io.octostore.spring;

import java.time.Duration;
import org.aopalliance.intercept.MethodInvocation;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.ParserContext;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/** Reads the values of annotations. */
final class AnnotationValues {
    private static final ParameterNameDiscoverer PARAMETERS = new DefaultParameterNameDiscoverer();
    private static final SpelExpressionParser PARSER = new SpelExpressionParser();

    private final ConfigurableBeanFactory beans;

    AnnotationValues(ConfigurableBeanFactory beans) {
        this.beans = beans;
    }

    Duration duration(String value) {
        return DurationStyle.detectAndParse(withoutPlaceholders(value));
    }

    /** A name with the values of its expressions. */
    String name(String value, MethodInvocation call) {
        MethodBasedEvaluationContext context =
                new MethodBasedEvaluationContext(call.getThis(), call.getMethod(), call.getArguments(), PARAMETERS);
        context.setBeanResolver(new BeanFactoryResolver(beans));
        String name = PARSER.parseExpression(withoutPlaceholders(value), ParserContext.TEMPLATE_EXPRESSION)
                .getValue(context, String.class);
        return name == null ? "" : name;
    }

    private String withoutPlaceholders(String value) {
        String resolved = beans.resolveEmbeddedValue(value);
        return resolved == null ? "" : resolved;
    }
}
